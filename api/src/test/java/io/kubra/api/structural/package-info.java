/** Tests of structural schemas. */
@NullMarked
package io.kubra.api.structural;

import org.jspecify.annotations.NullMarked;
