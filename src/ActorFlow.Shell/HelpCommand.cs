using System.CommandLine;

namespace ActorFlow.Shell;

/// <summary><c>actorflow help [VERB...]</c>: writes the same as <c>--help</c> after the verb.</summary>
internal static class HelpCommand
{
    public static Command Create(RootCommand root)
    {
        var verb = new Argument<string[]>("VERB") { Description = "The verb; none: all of them.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("help", "Show what the verbs are, or how one is used.") { verb };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var about = (Command)root;
            foreach (var word in parsed.GetValue(verb) ?? [])
            {
                about = about.Subcommands.FirstOrDefault(one => one.Name == word) ?? throw new CommandFailure(Unknown(word, about));
            }

            return await root.Parse([.. UsageError.PathOf(about).Split(' ').Skip(1), "--help"])
                .InvokeAsync(parsed.InvocationConfiguration, cancellationToken).ConfigureAwait(false);
        });
        Examples.AddTo(command, "actorflow help", "actorflow help run", "actorflow help import wfformat");
        return command;
    }

    private static string Unknown(string word, Command about)
    {
        var names = about.Subcommands.Select(verb => verb.Name).ToArray();
        var guess = UsageError.Nearest(word, names) is { } near ? $" Did you mean '{near}'?" : "";
        var known = names.Length == 0 ? $"'{UsageError.PathOf(about)}' has no verbs" : $"'{UsageError.PathOf(about)}' has {string.Join(", ", names)}";
        return $"there is no verb '{TerminalText.Fit(word, 60)}': {known}.{guess}";
    }
}
