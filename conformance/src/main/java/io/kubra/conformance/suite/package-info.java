/** Reports of upstream's end-to-end suite, which decides rows that no other program can decide. */
@NullMarked
package io.kubra.conformance.suite;

import org.jspecify.annotations.NullMarked;
