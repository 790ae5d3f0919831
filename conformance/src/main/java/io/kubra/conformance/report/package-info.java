/** Files of a run's findings for people and for machines. */
@NullMarked
package io.kubra.conformance.report;

import org.jspecify.annotations.NullMarked;
