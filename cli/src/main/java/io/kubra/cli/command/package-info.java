/** One class for each command of {@code kubra}. */
@NullMarked
package io.kubra.cli.command;

import org.jspecify.annotations.NullMarked;
