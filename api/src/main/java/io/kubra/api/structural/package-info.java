/**
 * Structural schemas: the OpenAPI v3 subset by which custom resources are described, and what is
 * done by them: pruning, defaulting, validation. Pure functions on trees; schemas are immutable.
 */
@NullMarked
package io.kubra.api.structural;

import org.jspecify.annotations.NullMarked;
