/**
 * Admission: plugins that may change or refuse a write after it is authorised and before it is
 * stored. Mutating calls of all plugins come first, in order, then all validating calls.
 */
@NullMarked
package io.kubra.apiserver.admission;

import org.jspecify.annotations.NullMarked;
