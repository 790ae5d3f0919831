/** What a check found, and the findings of a whole run. */
@NullMarked
package io.kubra.conformance.verdict;

import org.jspecify.annotations.NullMarked;
