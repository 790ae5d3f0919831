/** The loop in which parts of the server work off what has changed, one name after the other. */
@NullMarked
package io.kubra.apiserver.work;

import org.jspecify.annotations.NullMarked;
