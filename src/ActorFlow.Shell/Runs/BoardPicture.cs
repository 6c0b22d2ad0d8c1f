using System.Globalization;
using ActorFlow.Core.Definitions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorFlow.Shell.Runs;

/// <summary>A <see cref="LiveBoardView"/> as lines that never wrap: a bar, a line per active task, and how many more there are.</summary>
internal sealed class BoardPicture(LiveBoardView view, string title) : Renderable
{
    private const int BarWidth = 30;
    private const int NarrowestBar = 8;
    private const int LongestTask = 40;
    private const int TimeWidth = 8;

    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private static readonly Style Faint = new(Color.Grey);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Busy = new(Color.Blue);
    private static readonly Style Waiting = new(Color.Yellow);

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        // The last column stays free: some terminals wrap as soon as it is written to.
        var width = maxWidth - 1;
        var taskWidth = Math.Min(view.Lines.Select(line => line.Task.GetCellWidth()).DefaultIfEmpty().Max(), Math.Min(LongestTask, width / 2));
        var lines = view.Lines.Select(line => TaskLine(line, taskWidth, width)).Prepend(Header(width));
        if (view.StoreFailure is { } why)
        {
            lines = lines.Append([new Segment("  " + StoreWords.Of(why), Bad)]);
        }

        if (view.More > 0)
        {
            lines = lines.Append([new Segment($"  and {view.More} more", Faint)]);
        }

        return lines.SelectMany(line => Segment.Truncate(line, width).Append(Segment.LineBreak));
    }

    // A narrow terminal loses the bar first, then the title: people look for the counts.
    private List<Segment> Header(int width)
    {
        var counts = view.Tasks > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {view.Settled}/{view.Tasks}") : "  starting";
        var failed = view.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {view.Failed} failed") : "";
        var elapsed = $"  {Duration.Format(view.Elapsed)}";
        var left = width - counts.Length - failed.Length - elapsed.Length - 2;
        var name = TerminalText.Fit(title, Math.Max(1, left - NarrowestBar));
        var bar = Math.Clamp(left - name.GetCellWidth(), 1, BarWidth);
        var done = view.Tasks > 0 ? Math.Clamp((int)((long)view.Settled * bar / view.Tasks), 0, bar) : 0;
        return
        [
            new(name, Bold),
            new("  "),
            new(new string('━', done), Good),
            new(new string('━', bar - done), Faint),
            new(counts),
            new(failed, Bad),
            new(elapsed, Faint),
        ];
    }

    private static List<Segment> TaskLine(LiveLine line, int taskWidth, int width)
    {
        var stateWidth = Math.Max(8, width - taskWidth - TimeWidth - 6);
        var attempt = line.Attempt > 1 ? $"attempt {line.Attempt} " : "";
        return
        [
            new($"  {TerminalText.Padded(TerminalText.Fit(line.Task, Math.Max(1, taskWidth)), taskWidth)}  "),
            new(Duration.Format(line.Time).PadLeft(TimeWidth) + "  ", Faint),
            new(TerminalText.Fit(attempt + line.State, stateWidth), line.State == "running" ? Busy : Waiting),
        ];
    }
}
