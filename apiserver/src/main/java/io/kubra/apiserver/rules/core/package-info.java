/** Rules of the kinds in core. */
@NullMarked
package io.kubra.apiserver.rules.core;

import org.jspecify.annotations.NullMarked;
