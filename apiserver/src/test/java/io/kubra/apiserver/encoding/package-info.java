/** Tests of reading bodies. */
@NullMarked
package io.kubra.apiserver.encoding;

import org.jspecify.annotations.NullMarked;
