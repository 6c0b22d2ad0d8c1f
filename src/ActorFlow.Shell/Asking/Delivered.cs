using ActorFlow.Core.Payloads;

namespace ActorFlow.Shell.Asking;

/// <summary>What is said after something was delivered to a run that nobody runs on yet.</summary>
internal static class Delivered
{
    /// <summary>Says that it was, and how the run goes on.</summary>
    /// <param name="console">Where to say it.</param>
    /// <param name="asJson">Whether programs will read it.</param>
    /// <param name="run">The run.</param>
    /// <param name="top">The run that goes on with it: see <see cref="WaitingRuns.TopOfAsync"/>.</param>
    /// <param name="what">What was delivered: a word for it, and its name.</param>
    /// <param name="text">The same for people.</param>
    /// <param name="data">The data directory as it was named; none: the default.</param>
    public static Task SayAsync(ShellConsole console, bool asJson, string run, string top, (string Word, string Name) what, string text, string? data)
    {
        var goOn = RunWords.GoOn(top, data);
        return asJson
            ? console.Out.WriteLineAsync(Json(run, what, goOn))
            : console.Error.WriteLineAsync($"{text}; go on with: {goOn}");
    }

    private static string Json(string run, (string Word, string Name) what, string goOn) => Payload.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("run", run);
        writer.WriteString(what.Word, what.Name);
        writer.WriteStartArray("next");
        writer.WriteStringValue(goOn);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }).ToString();
}
