/**
 * {@code kubra helm}: Helm's commands with Helm's flags, texts and exit codes. What changes a
 * cluster or renders charts is done by Helm's own library; what only reads releases is read from
 * their Secrets, without loading it.
 */
@NullMarked
package io.kubra.cli.helm;

import org.jspecify.annotations.NullMarked;
