/**
 * Patches of object trees: JSON patch, merge patch and strategic merge patch. Pure functions;
 * documents handed in are not changed.
 */
@NullMarked
package io.kubra.api.patch;

import org.jspecify.annotations.NullMarked;
