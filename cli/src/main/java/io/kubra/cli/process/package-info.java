/** Starting, finding and ending processes of the operating system, without a shell. */
@NullMarked
package io.kubra.cli.process;

import org.jspecify.annotations.NullMarked;
