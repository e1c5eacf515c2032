package io.weft.samples.serve

import org.openqa.selenium.By
import org.openqa.selenium.Dimension
import org.openqa.selenium.JavascriptExecutor
import org.openqa.selenium.OutputType
import org.openqa.selenium.StaleElementReferenceException
import org.openqa.selenium.WebElement
import org.openqa.selenium.chrome.ChromeDriver
import org.openqa.selenium.chrome.ChromeDriverService
import org.openqa.selenium.chrome.ChromeOptions
import org.openqa.selenium.interactions.Actions
import org.openqa.selenium.logging.LogType
import org.openqa.selenium.logging.LoggingPreferences
import java.io.File
import java.nio.file.Path
import java.util.logging.Level
import kotlin.io.path.Path
import kotlin.io.path.createDirectories
import kotlin.io.path.div
import kotlin.io.path.isExecutable
import kotlin.io.path.writeBytes

/** A real, headless Chromium, found on the PATH with its driver. */
internal class Browser private constructor(
    chromium: Path,
    driver: Path,
    profile: Path,
) : AutoCloseable {
    private val driver =
        ChromeDriver(
            ChromeDriverService.Builder().usingDriverExecutable(driver.toFile()).build(),
            ChromeOptions().apply {
                setBinary(chromium.toFile())
                addArguments(FLAGS + "--user-data-dir=$profile")
                val logs = LoggingPreferences().apply { enable(LogType.BROWSER, Level.ALL) }
                setCapability("goog:loggingPrefs", logs)
            },
        )

    /** Opens a page of the live page's server, and waits until it can be used. */
    fun open(
        url: String,
        width: Int = 1280,
        height: Int = 860,
    ) {
        visit(url, width, height)
        waitFor("the models") { find("#model option").isNotEmpty() }
    }

    /** Opens any page. */
    fun visit(
        url: String,
        width: Int = 1280,
        height: Int = 860,
    ) {
        // Below about 500 pixels a window gets no narrower; what the page sees does.
        driver.executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            mapOf(
                "width" to width,
                "height" to height,
                "deviceScaleFactor" to 1,
                "mobile" to (width < 600),
            ),
        )
        driver.manage().window().size = Dimension(width, height)
        driver.get("about:blank")
        driver.get(url)
    }

    /** Shows the page as people see it who like it dark. */
    fun dark() = emulate("prefers-color-scheme" to "dark")

    /** Shows the page in the few colours that a person has chosen for everything. */
    fun forcedColours() = emulate("forced-colors" to "active", "prefers-color-scheme" to "dark")

    fun light() = emulate()

    private fun emulate(vararg features: Pair<String, String>) {
        driver.executeCdpCommand(
            "Emulation.setEmulatedMedia",
            mapOf(
                "features" to
                    features.map { (name, value) -> mapOf("name" to name, "value" to value) },
            ),
        )
    }

    /** Drags with the main button from one place of an element to another, in one leap. */
    fun drag(
        element: WebElement,
        from: Pair<Int, Int>,
        to: Pair<Int, Int>,
    ) {
        val (width, height) = element.size.let { it.width to it.height }

        fun Actions.at(place: Pair<Int, Int>) =
            moveToElement(element, place.first - width / 2, place.second - height / 2)
        Actions(driver).at(from).clickAndHold().at(to).release().perform()
    }

    fun find(css: String): List<WebElement> = driver.findElements(By.cssSelector(css))

    /**
     * What [of] reads of the elements, or does with them: again where the page has put new ones in their place
     * between finding and reading, as a chart is whenever it is told more.
     */
    fun <T> read(
        css: String,
        of: (List<WebElement>) -> T,
    ): T {
        var read: Result<T>? = null
        waitFor("elements that stay") {
            read = Result.success(of(find(css)))
            true
        }
        return read!!.getOrThrow()
    }

    /** The text of each element, as it is shown. */
    fun texts(css: String): List<String> = read(css) { found -> found.map { it.text } }

    /** Clicks on one of the elements. */
    fun click(
        css: String,
        index: Int = 0,
    ) = read(css) { it[index].click() }

    operator fun get(id: String): WebElement = driver.findElement(By.id(id))

    val address: String get() = driver.currentUrl.orEmpty()

    val focused: WebElement get() = driver.switchTo().activeElement()

    fun type(
        id: String,
        text: String,
    ) {
        run("const it = document.getElementById(arguments[0]); it.value = ''", id)
        this[id].sendKeys(text)
    }

    /** Chooses classes out of the chips of a condition, and no others. */
    fun choose(
        condition: String,
        vararg labels: Int,
    ) {
        run(
            "for (const it of document.querySelectorAll(`#class-\${arguments[0]} input`))" +
                " it.checked = arguments[1].includes(Number(it.value))",
            condition,
            labels.toList(),
        )
    }

    /** What axe finds that keeps people from using the page as it is now. */
    fun violations(): List<String> {
        run(AXE)
        val found =
            driver.executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                axe.run(document, { resultTypes: ["violations"] }).then((it) => done(it.violations
                  .map((found) => found.id + ": " + found.nodes.map((node) => node.html).join(" "))));
                """.trimIndent(),
            )
        return (found as List<*>).map { "$it" }
    }

    /** Puts a slider somewhere, as dragging does. */
    fun slide(
        id: String,
        value: Int,
    ) {
        run("document.getElementById(arguments[0]).value = arguments[1]", id, value)
    }

    /** Runs a script and returns what it returns. */
    fun run(
        script: String,
        vararg arguments: Any,
    ): Any? = (driver as JavascriptExecutor).executeScript(script, *arguments)

    fun waitFor(
        what: String,
        condition: () -> Boolean,
    ) {
        val end = System.nanoTime() + PATIENCE_NANOS
        while (!holds(condition)) {
            check(System.nanoTime() < end) {
                "waited in vain for $what; ${find("#status").map { it.text }}; ${problems()}"
            }
            Thread.sleep(20)
        }
    }

    /** Whether it holds; not yet where the page puts new elements in place just then. */
    private fun holds(condition: () -> Boolean): Boolean =
        try {
            condition()
        } catch (_: StaleElementReferenceException) {
            false
        }

    /** What the console has complained of. */
    fun problems(): List<String> =
        driver
            .manage()
            .logs()
            .get(LogType.BROWSER)
            .filter { it.level.intValue() >= Level.WARNING.intValue() }
            .map { it.message }
            // A hint on how the tests read what is painted.
            .filterNot { "willReadFrequently" in it }

    /** Takes a picture of the page, to be looked at. */
    fun picture(name: String) {
        val folder = (Path("target") / "live-page").createDirectories()
        (folder / "$name.png").writeBytes(driver.getScreenshotAs(OutputType.BYTES))
    }

    override fun close() = driver.quit()

    companion object {
        private const val PATIENCE_NANOS = 60_000_000_000L

        private val AXE =
            checkNotNull(Browser::class.java.getResource("/axe.min.js")) { "no axe" }.readText()

        private val FLAGS =
            listOf(
                "--headless=new",
                // As root, for example in a container, Chromium starts in no other way.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--force-color-profile=srgb",
            )

        /** Set where the page must be tested: a missing browser is then a failure. */
        const val REQUIRED = "WEFT_BROWSER_REQUIRED"

        /** Returns a new browser, or null where there is none. */
        fun find(profile: Path): Browser? {
            val chromium = onPath("chromium", "chromium-browser", "google-chrome")
            val driver = onPath("chromedriver")
            if (chromium != null && driver != null) return Browser(chromium, driver, profile)
            val missing = "no Chromium with chromedriver on the PATH (Debian: chromium-driver)"
            check(System.getenv(REQUIRED) == null) { missing }
            System.err.println("skipping the tests of the live page: $missing")
            return null
        }

        private fun onPath(vararg names: String): Path? =
            System
                .getenv("PATH")
                .orEmpty()
                .split(File.pathSeparator)
                .flatMap { folder -> names.map { Path(folder) / it } }
                .firstOrNull { it.isExecutable() }
    }
}
