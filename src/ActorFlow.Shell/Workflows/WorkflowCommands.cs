using System.CommandLine;
using ActorFlow.Shell.Nodes;

namespace ActorFlow.Shell.Workflows;

/// <summary><c>actorflow workflow</c>: starts, steers and reads the runs of a node or cluster.</summary>
internal static class WorkflowCommands
{
    /// <summary>The noun with its verbs.</summary>
    public static Command Create(ShellConsole console)
    {
        var noun = new Command("workflow", "Start, steer and read the runs of a node that serves: see 'actorflow dev'.");
        var talk = new NodeTalk(console, noun);
        Command[] verbs = [StartVerb.Create(talk), .. ReadingVerbs.Create(talk), .. SteeringVerbs.Create(talk)];
        foreach (var verb in verbs)
        {
            noun.Subcommands.Add(verb);
        }

        Examples.AddTo(noun, "actorflow workflow start order --wait", "actorflow workflow list --status failed", "actorflow workflow show order-7 --address http://127.0.0.1:9200");
        return noun;
    }
}
