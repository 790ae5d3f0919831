/** Routes to the pods of other nodes. */
@NullMarked
package io.kubra.network.route;

import org.jspecify.annotations.NullMarked;
