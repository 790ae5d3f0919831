/** The two points at which plugins take part: filtering and scoring. */
@NullMarked
package io.kubra.scheduler.framework;

import org.jspecify.annotations.NullMarked;
