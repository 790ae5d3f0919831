/** What several tests of clients use. */
@NullMarked
package io.kubra.client.testing;

import org.jspecify.annotations.NullMarked;
