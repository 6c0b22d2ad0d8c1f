using System.CommandLine;
using ActorFlow.Node.Admin;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Asking;

/// <summary><c>actorflow answer RUN TASK VALUE</c></summary>
internal static class AnswerCommand
{
    public static Command Create(ShellConsole console)
    {
        var run = RunWords.Run();
        var task = new Argument<string>("TASK") { Description = "The path of the task that asks; the iteration of a loop may be left out." };
        var value = new Argument<string>("VALUE") { Description = "yes or no; an option or its number; 1 to 5; text." };
        var comment = new Option<string?>("--comment") { Description = "What you say with it." };
        var by = new Option<string?>("--by") { Description = "Who answers (the user's name)." };
        var data = RunWords.Data();
        var output = OutputFormat.Option();
        var command = new Command("answer", "Answer what a run asks. The run goes on with the next 'actorflow run --id RUN'.") { run, task, value, comment, by, data, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (id, path) = (parsed.GetRequiredValue(run), parsed.GetRequiredValue(task));
            await using var node = await EmbeddedNode.StartIdleAsync(RunWords.Existing(parsed.GetValue(data))).ConfigureAwait(false);
            var (top, answered) = await node.AskAsync(async () =>
            {
                var waits = await WaitingRuns.TopOfAsync(node, id, cancellationToken).ConfigureAwait(false);
                var question = await OpenQuestions.FindAsync(node.Client, id, path, cancellationToken).ConfigureAwait(false);
                await node.Client.AnswerAsync(
                    id,
                    path,
                    OpenQuestions.Read(question, path, parsed.GetRequiredValue(value)),
                    new() { By = parsed.GetValue(by) ?? Environment.UserName, Comment = parsed.GetValue(comment) },
                    cancellationToken: cancellationToken).ConfigureAwait(false);
                return (waits, question?.Task ?? path);
            }).ConfigureAwait(false);
            await Delivered.SayAsync(
                console, OutputFormat.IsJson(parsed, output), id, top, ("task", answered), $"{answered} of {id} is answered", parsed.GetValue(data)).ConfigureAwait(false);
            return ExitCode.Done;
        });
        Examples.AddTo(
            command,
            "actorflow answer order-7 approve yes",
            "actorflow answer order-7 size large --comment 'it is a gift' --by ada",
            "actorflow answer order-7/check rate 5        # asked by a child");
        return command;
    }
}
