/**
 * The {@code kubra} command: assembles all modules into one distribution. The only module that
 * prints to standard output.
 */
@NullMarked
package io.kubra.cli;

import org.jspecify.annotations.NullMarked;
