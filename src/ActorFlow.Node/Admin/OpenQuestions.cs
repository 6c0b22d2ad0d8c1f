using ActorFlow.Core.Workflows.Explaining;

namespace ActorFlow.Node.Admin;

/// <summary>Finds the question that an answer is for, and reads the answer.</summary>
internal static class OpenQuestions
{
    /// <summary>The open question of a task; null means that there is none.</summary>
    /// <param name="client">Reads the run.</param>
    /// <param name="id">The run.</param>
    /// <param name="path">The path of the task; the iteration of a loop may be left out.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<OpenQuestion?> FindAsync(IWorkflowClient client, string id, string path, CancellationToken cancellationToken)
    {
        var description = await client.DescribeAsync(id, cancellationToken).ConfigureAwait(false);
        if (description.Result is not null)
        {
            return null;
        }

        var questions = description.Questions;
        return questions.FirstOrDefault(question => question.Task == path)
            ?? questions.FirstOrDefault(question => question.Task.StartsWith(path + '#', StringComparison.Ordinal) && question.Task.IndexOf('/', path.Length) < 0);
    }

    /// <summary>Reads the answer. One that does not fit the question is refused here; one without a question is refused by the run.</summary>
    /// <param name="question">The question; null means that there is none.</param>
    /// <param name="path">The path of the task.</param>
    /// <param name="text">The answer.</param>
    /// <exception cref="InvalidRequestException"><c>invalid-answer</c>: it does not fit the question.</exception>
    public static Payload Read(OpenQuestion? question, string path, string text) =>
        question is null
            ? Payload.FromString(text)
            : AnswerText.Read(question, text)
                ?? throw WorkflowRefusedException.Of(
                    "invalid-answer",
                    $"'{AdminArgument.Shown(text)}' does not answer {path}, which asks for {AnswerText.KindOf(question)}: {AdminArgument.Shown(AnswerText.FormOf(question), 200)}");
}
