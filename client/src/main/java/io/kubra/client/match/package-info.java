/** How objects of the API refer to others: label selectors with labels, tolerations with taints. */
@NullMarked
package io.kubra.client.match;

import org.jspecify.annotations.NullMarked;
