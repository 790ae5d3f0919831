/**
 * Where log lines go and what they look like, without a configuration file to read at each start.
 */
@NullMarked
package io.kubra.cli.logging;

import org.jspecify.annotations.NullMarked;
