/**
 * The schema catalogue: the structure of every API type, the resources served with them, and the
 * checks that only need structure. Immutable once built; types of the built-in catalogue
 * materialise on first use.
 */
@NullMarked
package io.kubra.api.schema;

import org.jspecify.annotations.NullMarked;
