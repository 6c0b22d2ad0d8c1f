using System.Diagnostics;
using System.Globalization;

namespace ActorFlow.Perf.Running;

/// <summary>Shows how far the run is: a line for each spec, a mark for each round.</summary>
/// <param name="writer">Where to; by convention standard error.</param>
internal sealed class Progress(TextWriter writer)
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <summary>A spec begins.</summary>
    public void Begin(int number, int of, string id) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"[{number,3} of {of}, {Stopwatch.GetElapsedTime(_begun):m\\:ss}] {id,-18} "));

    /// <summary>A round to warm up has ended.</summary>
    public void WarmUpRound() => Write("w");

    /// <summary>A measured run has ended.</summary>
    public void Run() => Write(".");

    /// <summary>A spec has ended.</summary>
    public void End(string how) => Write($" {how}{Environment.NewLine}");

    private void Write(string text)
    {
        writer.Write(text);
        writer.Flush();
    }
}
