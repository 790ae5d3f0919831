/** The entry point of the long-running processes, which need no command line parser. */
@NullMarked
package io.kubra.cli.daemon;

import org.jspecify.annotations.NullMarked;
