import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Stands in for Maven Central's portal: takes a bundle, finds it good, and keeps it as a file. For
 * {@code .ci/rehearse-release}.
 */
final class StandIn {

  private static final String ID = "rehearsal";

  private final Path bundle;

  private StandIn(Path bundle) {
    this.bundle = bundle;
  }

  /** Takes the file that gets the port, and the one that gets the bundle. */
  public static void main(String[] arguments) throws IOException {
    StandIn portal = new StandIn(Path.of(arguments[1]));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/publisher/upload", portal::upload);
    server.createContext("/api/v1/publisher/status", portal::status);
    server.start();
    Files.writeString(Path.of(arguments[0]), "" + server.getAddress().getPort());
  }

  private void upload(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Files.write(bundle, onlyPart(body));
    answer(exchange, 201, "text/plain", ID);
  }

  private void status(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String state =
        """
        {"deploymentId": "%s", "deploymentName": "%s", "deploymentState": "VALIDATED", "purls": []}
        """;
    answer(exchange, 200, "application/json", state.formatted(ID, ID));
  }

  /** Returns what is between the head of a form's part and the line that ends the form. */
  private static byte[] onlyPart(byte[] form) throws IOException {
    // As Latin-1 a byte is a character.
    String text = new String(form, StandardCharsets.ISO_8859_1);
    String boundary = text.substring(0, text.indexOf("\r\n"));
    int begin = text.indexOf("\r\n\r\n") + 4;
    int end = text.indexOf("\r\n" + boundary, begin);
    if (begin < 4 || end < 0 || !text.startsWith(boundary + "--", end + 2)) {
      throw new IOException("expected a form of one part, found " + form.length + " bytes");
    }
    return Arrays.copyOfRange(form, begin, end);
  }

  private static void answer(HttpExchange exchange, int code, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
