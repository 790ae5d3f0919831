/**
 * Server-side apply: who owns which field, merging of applied configurations, conflicts.
 *
 * <p>Everything here is a pure function of its arguments; nothing is kept between calls except a
 * bounded cache of canonical path elements. Any thread may call in.
 */
@NullMarked
package io.kubra.api.apply;

import org.jspecify.annotations.NullMarked;
