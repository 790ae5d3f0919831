/**
 * OpenAPI documents, version 2 as a whole and version 3 per group version, generated from the
 * schema catalogue when first asked for. kubectl explain and validation read them.
 */
@NullMarked
package io.kubra.apiserver.openapi;

import org.jspecify.annotations.NullMarked;
