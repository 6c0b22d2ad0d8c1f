using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ActorFlow.Shell;

/// <summary>Examples below the help of a verb.</summary>
internal static class Examples
{
    /// <summary>Adds examples to the help of <paramref name="command"/>.</summary>
    public static void AddTo(Command command, params string[] examples)
    {
        var help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null)
        {
            command.Options.Add(help = new HelpOption());
        }

        help.Action = new HelpWithExamples((HelpAction)help.Action!, examples);
    }

    /// <summary>Whether the command line asks for help, which counts whatever else is wrong with it.</summary>
    public static bool IsHelp(CommandLineAction? action) => action is HelpAction or HelpWithExamples;

    private sealed class HelpWithExamples(HelpAction help, string[] examples) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }

            return code;
        }
    }
}
