using ActorFlow.Shell.Asking;
using Spectre.Console;

namespace ActorFlow.Shell.Runs;

/// <summary>Shows a <see cref="LiveBoard"/> on a terminal, ten times a second, and removes it at the end.</summary>
internal static class BoardDisplay
{
    private const int MostLines = 12;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    /// <summary>Shows the board while <paramref name="work"/> runs, and gives way to questions.</summary>
    public static async Task<T> ShowAsync<T>(LiveBoard board, string title, TextWriter writer, TerminalTurn turn, Task<T> work)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            // Spectre checks standard output; here standard error is the terminal.
            Interactive = InteractionSupport.Yes,
            ColorSystem = ShellConsole.WantsColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        while (!work.IsCompleted)
        {
            using var mine = await turn.ToShowAsync().ConfigureAwait(false);
            await terminal.Live(Picture()).AutoClear(true).StartAsync(async context =>
            {
                using var timer = new PeriodicTimer(Refresh);
                while (!work.IsCompleted && !turn.IsWanted)
                {
                    context.UpdateTarget(Picture());
                    await Task.WhenAny(work, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }

        return await work.ConfigureAwait(false);

        BoardPicture Picture() => new(board.Look(MostLines), title);
    }
}
