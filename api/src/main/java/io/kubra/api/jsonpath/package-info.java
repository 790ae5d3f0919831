/** JSON paths as kubectl and custom resource definitions write them. */
@NullMarked
package io.kubra.api.jsonpath;

import org.jspecify.annotations.NullMarked;
