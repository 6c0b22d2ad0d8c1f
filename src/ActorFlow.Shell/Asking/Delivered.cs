
namespace ActorFlow.Shell.Asking;

/// <summary>Reports the delivery of a signal or an answer to a run that no process runs at the moment.</summary>
internal static class Delivered
{
    /// <summary>Reports the delivery, and how the run continues.</summary>
    /// <param name="console">The console to write to.</param>
    /// <param name="asJson">Whether programs will read it.</param>
    /// <param name="run">The run.</param>
    /// <param name="top">The run to resume for it: see <see cref="WaitingRuns.TopOfAsync"/>.</param>
    /// <param name="what">What was delivered: a word for it, and its name.</param>
    /// <param name="text">The same for people.</param>
    /// <param name="data">The data directory as it was named; null means the default.</param>
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
