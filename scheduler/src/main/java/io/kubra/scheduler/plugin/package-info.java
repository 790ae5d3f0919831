/** The plugins, one file each; to add one, copy the smallest and register it in Profile. */
@NullMarked
package io.kubra.scheduler.plugin;

import org.jspecify.annotations.NullMarked;
