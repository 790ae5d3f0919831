/** Runs pods until enough of them have succeeded, and counts each of them exactly once. */
@NullMarked
package io.kubra.controllers.job;

import org.jspecify.annotations.NullMarked;
