using ActorFlow.Core.Definitions;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorFlow.Shell.Runs;

/// <summary>Shows a <see cref="LiveBoard"/> on a terminal, ten times a second, and takes it away when it is done.</summary>
internal sealed class BoardDisplay(LiveBoard board, string title, IAnsiConsole terminal)
{
    private const int MostLines = 12;
    private const int BarWidth = 30;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows the board while <paramref name="work"/> goes on.</summary>
    public static async Task<T> ShowAsync<T>(LiveBoard board, string title, TextWriter writer, Task<T> work)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            // Spectre looks at standard output; it is standard error that is a terminal here.
            Interactive = InteractionSupport.Yes,
        });
        return await new BoardDisplay(board, title, terminal).ShowAsync(work).ConfigureAwait(false);
    }

    /// <summary>What is shown of a board.</summary>
    public static IRenderable Render(LiveBoardView view, string title)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().PadLeft(2))
            .AddColumn(new GridColumn().NoWrap().RightAligned().PadLeft(2));
        foreach (var line in view.Lines)
        {
            var attempt = line.Attempt > 1 ? $", attempt {line.Attempt}" : "";
            grid.AddRow(
                new Text("  " + OneLine.Of(line.Task, 50)),
                new Text(line.State + attempt, line.State == "running" ? new Style(Color.Blue) : new Style(Color.Yellow)),
                new Text(Duration.Format(line.Time), new Style(Color.Grey)));
        }

        var rows = new List<IRenderable> { Header(view, title) };
        if (view.Lines.Length > 0)
        {
            rows.Add(grid);
        }

        if (view.More > 0)
        {
            rows.Add(new Text($"  and {view.More} more", new Style(Color.Grey)));
        }

        return new Rows(rows);
    }

    private async Task<T> ShowAsync<T>(Task<T> work)
    {
        await terminal.Live(Render(board.Look(MostLines), title)).AutoClear(true).StartAsync(async context =>
        {
            using var timer = new PeriodicTimer(Refresh);
            while (!work.IsCompleted)
            {
                context.UpdateTarget(Render(board.Look(MostLines), title));
                await Task.WhenAny(work, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        return await work.ConfigureAwait(false);
    }

    private static Paragraph Header(LiveBoardView view, string title)
    {
        var done = view.Tasks > 0 ? Math.Clamp(view.Settled * BarWidth / view.Tasks, 0, BarWidth) : 0;
        var header = new Paragraph()
            .Append(title + "  ", new Style(decoration: Decoration.Bold))
            .Append(new string('━', done), new Style(Color.Green))
            .Append(new string('━', BarWidth - done), new Style(Color.Grey))
            .Append(view.Tasks > 0 ? $"  {view.Settled}/{view.Tasks}" : "  starting");
        if (view.Failed > 0)
        {
            header.Append($"  {view.Failed} failed", new Style(Color.Red));
        }

        header.Overflow = Overflow.Ellipsis;
        return header.Append($"  {Duration.Format(view.Elapsed)}", new Style(Color.Grey));
    }
}
