using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Shell.Asking;

/// <summary>The person at the terminal. When their input ends, nobody is there any more.</summary>
/// <param name="console">Where they read and type.</param>
/// <param name="turn">Keeps the display away meanwhile.</param>
/// <param name="absent">Says what is waited for once nobody is there.</param>
/// <param name="meanwhile">What runs while a question stands, a task each, and how many more; none: it is not to be shown.</param>
internal sealed class TerminalPeople(
    ShellConsole console, TerminalTurn turn, IPrompt absent, Func<(IReadOnlyList<string> Tasks, int More)>? meanwhile = null) : IPrompt
{
    private Task<string?>? _reading;
    private volatile bool _gone;

    /// <inheritdoc/>
    public bool ArePresent => !_gone;

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
            if (await LineAsync($"  {form}: ", cancellationToken).ConfigureAwait(false) is not { } text)
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
        if (meanwhile?.Invoke() is { Tasks.Count: > 0 } running)
        {
            // The display steps aside for the question: what it showed stands above it.
            console.Error.WriteLine($"meanwhile: {string.Join(", ", running.Tasks)}{(running.More > 0 ? $" and {running.More} more" : "")}");
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

    private static string Article(string word) => word[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " + word : "a " + word;

    /// <summary>
    /// The next line; none: the input has ended. A terminal cannot be asked to stop reading: what was begun for a question that
    /// closed meanwhile is taken up by the next.
    /// </summary>
    private async Task<string?> LineAsync(string prompt, CancellationToken cancellationToken)
    {
        console.Error.Write(prompt);
        console.Error.Flush();
        _reading ??= Task.Run(console.In.ReadLine, CancellationToken.None);
        var line = await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        _reading = null;
        if (line is null)
        {
            _gone = true;
            console.Error.WriteLine();
        }

        return line;
    }
}
