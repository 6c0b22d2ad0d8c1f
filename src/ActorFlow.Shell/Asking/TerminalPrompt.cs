using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Explaining;
using Spectre.Console;

namespace ActorFlow.Shell.Asking;

/// <summary>The person at the terminal. When their input ends, they are absent.</summary>
/// <param name="console">The console of the person.</param>
/// <param name="turn">The turn that keeps the display away during a question.</param>
/// <param name="absent">Reports waits once the person is absent.</param>
/// <param name="meanwhile">
/// The tasks that run during a question, and how many more there are; null means that they are not shown. It needs a terminal that moves back.
/// </param>
/// <param name="clock">The clock of that display; null means the system's.</param>
internal sealed class TerminalPrompt(
    ShellConsole console,
    TerminalTurn turn,
    IPrompt absent,
    Func<(IReadOnlyList<string> Tasks, int More)>? meanwhile = null,
    TimeProvider? clock = null) : IPrompt
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private Task<string?>? _reading;
    private volatile bool _gone;

    /// <inheritdoc/>
    public bool IsAttended => !_gone;

    /// <inheritdoc/>
    public void Tell(OpenWait wait) => absent.Tell(wait);

    /// <inheritdoc/>
    public async Task<GivenAnswer?> AskAsync(RunQuestion question, string? refusal, CancellationToken cancellationToken)
    {
        using var mine = await turn.ToAskAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (refusal is null)
            {
                Show(question);
            }
            else
            {
                console.Error.WriteLine($"  {OneLine.Of(refusal)}");
            }

            return await ReadAsync(question.Question, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine();
            throw;
        }
    }

    private async Task<GivenAnswer?> ReadAsync(OpenQuestion question, CancellationToken cancellationToken)
    {
        Payload? value = null;
        while (value is null)
        {
            var form = question.Kind == AskKind.Choice ? $"1 to {AnswerText.OptionsOf(question).Length}" : AnswerText.FormOf(question);
            if (await LineAsync($"  {form}: ", cancellationToken, IsShort(question)).ConfigureAwait(false) is not { } text)
            {
                return null;
            }

            value = AnswerText.Read(question, text);
            if (value is null)
            {
                console.Error.WriteLine($"  '{TerminalText.Fit(text, 60)}' is no answer to that: {TerminalText.Fit(AnswerText.FormOf(question), 100)}");
            }
        }

        var comment = await LineAsync("  comment (empty for none): ", cancellationToken).ConfigureAwait(false);
        return new(value, Environment.UserName, string.IsNullOrWhiteSpace(comment) ? null : comment.Trim());
    }

    private void Show(RunQuestion asked)
    {
        var question = asked.Question;
        if (!IsShort(question) && Meanwhile() is { } running)
        {
            console.Error.WriteLine(running);
        }

        var whose = question.Title == question.Task ? question.Task : $"{OneLine.Of(question.Title)} ({question.Task})";
        console.Error.WriteLine($"{whose} of {asked.Run} asks for {Article(AnswerText.KindOf(question))}:");
        console.Error.WriteLine($"  {OneLine.Of(question.Prompt)}");
        if (question.Assignees is { } assignees)
        {
            console.Error.WriteLine($"  for {OneLine.Of(assignees.ToString())}");
        }

        if (question.TimeoutAt is { } due)
        {
            console.Error.WriteLine($"  until {TimeFormat.Of(due)}");
        }

        var options = AnswerText.OptionsOf(question);
        for (var i = 0; i < options.Length; i++)
        {
            console.Error.WriteLine($"  {i + 1}. {OneLine.Of(AnswerText.TextOf(options[i]))}");
        }
    }

    /// <summary>
    /// Whether the typed answer stays in one row: then the row above it shows what runs. A text may take any number of rows,
    /// so what runs is written once, above its question.
    /// </summary>
    private static bool IsShort(OpenQuestion question) =>
        question.Kind is AskKind.Approval or AskKind.Validation or AskKind.Rating or AskKind.Choice;

    /// <summary>What runs, in one row; null means nothing. The display itself is hidden during a question.</summary>
    private string? Meanwhile() => meanwhile?.Invoke() is { Tasks.Count: > 0 } running
        ? TerminalText.Fit(
            $"meanwhile: {string.Join(", ", running.Tasks)}{(running.More > 0 ? $" and {running.More} more" : "")}",
            new AnsiConsoleOutput(console.Error).Width - 1)
        : null;

    private static string Article(string word) => word[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " + word : "a " + word;

    /// <summary>
    /// The next line; null means that the input has ended. Reading from a terminal cannot be stopped: a line begun for a question that
    /// closed meanwhile belongs to the next question.
    /// </summary>
    private async Task<string?> LineAsync(string prompt, CancellationToken cancellationToken, bool showsMeanwhile = false)
    {
        var shown = showsMeanwhile ? Meanwhile() : null;
        console.Error.Write(shown is null ? prompt : $"{shown}{console.Error.NewLine}{prompt}");
        console.Error.Flush();
        _reading ??= Task.Run(console.In.ReadLine, CancellationToken.None);
        while (showsMeanwhile && meanwhile is not null && !await IsReadAsync(_reading, cancellationToken).ConfigureAwait(false))
        {
            shown = ShowAnew(shown);
        }

        var line = await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        _reading = null;
        if (line is null)
        {
            _gone = true;
            console.Error.WriteLine();
        }

        return line;
    }

    private async Task<bool> IsReadAsync(Task reading, CancellationToken cancellationToken)
    {
        var first = await Task.WhenAny(reading, Task.Delay(Refresh, clock ?? TimeProvider.System, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return first == reading;
    }

    /// <summary>
    /// Writes what runs into the row above the input row, and puts the cursor back: the typed text stays.
    /// If there is no such row yet, it inserts one.
    /// </summary>
    private string? ShowAnew(string? shown)
    {
        var now = Meanwhile();
        if (now == shown)
        {
            return shown;
        }

        now ??= "meanwhile: nothing else runs";
        // Down and up first: at the bottom of the screen this makes space for a row.
        console.Error.Write(shown is null ? $"\eD\eM\e7\r\e[L{now}\e8\e[B" : $"\e7\e[A\r\e[2K{now}\e8");
        console.Error.Flush();
        return now;
    }
}
