/**
 * What a cluster is configured to be: which parts of the platform it has, where it keeps its state.
 * Values only; nothing here starts anything.
 */
@NullMarked
package io.kubra.cli.config;

import org.jspecify.annotations.NullMarked;
