/**
 * Checks that make pods and other objects of their own and watch what the cluster does with them.
 */
@NullMarked
package io.kubra.conformance.probe;

import org.jspecify.annotations.NullMarked;
