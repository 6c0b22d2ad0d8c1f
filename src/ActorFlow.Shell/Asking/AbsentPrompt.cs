using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Explaining;
namespace ActorFlow.Shell.Asking;

/// <summary>A prompt without a person: it writes each wait as a line, with the command that ends the wait.</summary>
/// <param name="writer">The writer of the lines.</param>
/// <param name="dataDirectory">The directory as the user named it; null means the default.</param>
internal sealed class AbsentPrompt(TextWriter writer, string? dataDirectory) : IPrompt
{
    /// <inheritdoc/>
    public bool IsAttended => false;

    /// <inheritdoc/>
    public Task<GivenAnswer?> AskAsync(RunQuestion question, string? refusal, CancellationToken cancellationToken) =>
        Task.FromResult<GivenAnswer?>(null);

    /// <inheritdoc/>
    public void Tell(OpenWait wait) => writer.WriteLine(wait switch
    {
        OpenWait.Answer { Question: var question } =>
            $"{wait.Label} asks: {OneLine.Of(question.Prompt)} ({AnswerText.KindOf(question)}: {TerminalText.Fit(AnswerText.FormOf(question), 100)}{Limit(question.TimeoutAt)}). "
            + $"Answer with: {Command(["actorflow", "answer", wait.Run, wait.Task, AnswerText.ExampleOf(question)])}",
        OpenWait.Signal signal => $"{wait.Label} waits for the signal {signal.Name}. Send it with: {Command(["actorflow", "signal", wait.Run, signal.Name, "JSON"])}",
        _ => throw new InvalidOperationException($"Nobody knows what {wait.GetType().Name} is."),
    });

    private string Command(IEnumerable<string> words) =>
        CommandLine.Of(dataDirectory is null ? words : words.Concat(["--data", dataDirectory]));

    private static string Limit(DateTimeOffset? at) => at is { } due ? $", until {TimeFormat.Of(due)}" : "";
}
