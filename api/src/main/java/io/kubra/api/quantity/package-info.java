/**
 * Resource quantities such as {@code 500m} or {@code 2Gi}: exact decimal values with a canonical
 * text.
 */
@NullMarked
package io.kubra.api.quantity;

import org.jspecify.annotations.NullMarked;
