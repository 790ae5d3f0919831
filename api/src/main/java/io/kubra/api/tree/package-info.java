/**
 * Access to object trees: maps, lists, strings, booleans, longs and doubles. Trees are mutable and
 * belong to whoever parsed them.
 */
@NullMarked
package io.kubra.api.tree;

import org.jspecify.annotations.NullMarked;
