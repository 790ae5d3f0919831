/** The project's schema data, read for the programs that turn it into a catalogue and a model. */
@NullMarked
package io.kubra.codegen.data;

import org.jspecify.annotations.NullMarked;
