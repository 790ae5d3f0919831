/**
 * The aggregation layer: APIService objects say who serves which group version. Those of this
 * server are made here; requests for others are passed on to the Service they name, with the front
 * proxy's certificate and the user's identity in headers.
 */
@NullMarked
package io.kubra.apiserver.aggregation;

import org.jspecify.annotations.NullMarked;
