/** Files of configuration that may change while the server runs. */
@NullMarked
package io.kubra.apiserver.file;

import org.jspecify.annotations.NullMarked;
