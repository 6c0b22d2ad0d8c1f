using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Workflows.Properties;

/// <summary>What somebody says to a question.</summary>
/// <param name="After">How long after it was asked.</param>
/// <param name="Task">The path that they name: that of the question, or without its iteration.</param>
/// <param name="Value">The answer.</param>
/// <param name="By">Who answers.</param>
/// <param name="Comment">What they say with it.</param>
internal sealed record AnswerMessage(TimeSpan After, string Task, Payload Value, string? By, string? Comment);

/// <summary>People who are asked: they answer early or late, some well, some badly first, and some never where a timeout goes on without them.</summary>
internal sealed partial record World
{
    private static readonly TimeSpan SlowestAnswer = TimeSpan.FromSeconds(6);

    /// <summary>All that is said to a question.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="ask">What is asked.</param>
    /// <param name="options">What there is to choose from.</param>
    /// <param name="hasTimeout">Whether it goes on without an answer.</param>
    public IEnumerable<AnswerMessage> AnswersTo(string path, TaskKind.Ask ask, Payload? options, bool hasTimeout)
    {
        var roll = Hash(Seed, "answer", path);
        var (after, named) = (Length(SlowestAnswer, Hash(Clock, "answer", path)), roll % 4 == 0 && !IsTimeless ? WithoutIteration(path) : path);
        if (roll / 4 % 3 == 0)
        {
            var wrong = roll / 12 % 8 == 0 ? TooLarge : WrongAnswer(ask, roll / 96);
            yield return new(after / 3, named, wrong, "bad", null);
        }

        if (!hasTimeout || roll / 768 % 3 != 0)
        {
            var good = RightAnswer(ask, options, roll / 2304);
            var (by, comment) = (roll % 5 == 0 ? null : $"p{roll % 5}", roll % 7 == 0 ? $"on {path}" : null);
            yield return new(after, named, good, by, comment);
            yield return new(after * 1.5, path, good, by, comment);
        }
    }

    private static string WithoutIteration(string path) =>
        path.LastIndexOf('#') is var at && at > path.LastIndexOf('/') ? path[..at] : path;

    private static Payload RightAnswer(TaskKind.Ask ask, Payload? options, ulong roll)
    {
        if (ask.Kind == AskKind.Choice)
        {
            using var document = options!.ToDocument();
            return Payload.FromElement(document.RootElement[(int)(roll % (ulong)document.RootElement.GetArrayLength())]);
        }

        return Payload.Parse(ask.Kind switch
        {
            AskKind.Approval or AskKind.Validation => ask.Schema is not null || roll % 2 == 0 ? "true" : "false",
            AskKind.Rating => Text(1 + (int)(roll % (ask.Schema is null ? 5UL : 4UL))),
            _ => $"\"well {roll % 10}\"",
        });
    }

    // Against what the kind asks for; with a schema also what only the schema rules out.
    private static Payload WrongAnswer(TaskKind.Ask ask, ulong roll) => Payload.Parse(ask.Kind switch
    {
        AskKind.Approval or AskKind.Validation => ask.Schema is not null && roll % 2 == 0 ? "false" : "\"true\"",
        AskKind.Rating => ask.Schema is not null && roll % 2 == 0 ? "5" : roll % 3 == 0 ? "2.5" : roll % 3 == 1 ? "0" : "6",
        AskKind.Choice => "\"none of these\"",
        _ => ask.Schema is not null && roll % 2 == 0 ? "\"\"" : "7",
    });
}
