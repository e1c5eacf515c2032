package io.weft.data;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Writes the body of a response as it comes, and hangs up when it grows too long. */
final class BoundedBody implements HttpResponse.BodySubscriber<Void> {

  private final URI source;
  private final OutputStream out;
  private final long maxBytes;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;
  private long received;

  BoundedBody(URI source, OutputStream out, long maxBytes) {
    this.source = source;
    this.out = out;
    this.maxBytes = maxBytes;
  }

  @Override
  public CompletionStage<Void> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (done.isDone()) {
      return;
    }
    try {
      for (ByteBuffer buffer : buffers) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        received += bytes.length;
        if (received > maxBytes) {
          throw new DataFormatException(
              source,
              "more than " + maxBytes + " bytes",
              "at most so many",
              "Check the address, or allow more.");
        }
        out.write(bytes);
      }
    } catch (IOException e) {
      done.completeExceptionally(e);
      if (subscription != null) {
        subscription.cancel();
      }
    }
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    done.complete(null);
  }
}
