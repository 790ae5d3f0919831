/** The checks of each row of the catalogue, one file for each area. */
@NullMarked
package io.kubra.conformance.area;

import org.jspecify.annotations.NullMarked;
