/** Starts Jobs by the clock. */
@NullMarked
package io.kubra.controllers.cronjob;

import org.jspecify.annotations.NullMarked;
