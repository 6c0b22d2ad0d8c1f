using System.Collections.Frozen;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Expressions.Paths;
using ActorFlow.Core.Expressions.Sandboxing;
using ActorFlow.Core.Payloads;
using Jint.Native.Object;
using Jint.Runtime;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>The members of objects that are the same for every expression: the run, a task and its error, and JavaScript's own objects.</summary>
internal static class MemberNames
{
    private static readonly string[] OfTask = ["status", "output", "error", "attempts"];
    private static readonly string[] OfError = ["type", "message", "task", "failures"];

    /// <summary>The members that the sandbox has, without those that it removes.</summary>
    private static readonly Lazy<FrozenDictionary<string, string[]>> OfGlobals = new(ReadSandbox);

    public static string? TaskFault(string id, string member) => Fault($"tasks.{id}", member, OfTask);

    public static string? ErrorFault(string id, string member) => Fault($"tasks.{id}.error", member, OfError);

    public static string? WorkflowFault(string member) => Fault("workflow", member, WorkflowMembers.Names);

    /// <summary>What is wrong with a member of one of JavaScript's own objects, such as <c>Math</c>; null means nothing.</summary>
    public static string? GlobalFault(string name, string member)
    {
        if (name == "Math" && member == "random")
        {
            return "Math.random is not there: an expression gives the same each time it is evaluated; take a number from a task's output";
        }

        return OfGlobals.Value.TryGetValue(name, out var known) ? Fault(name, member, known) : null;
    }

    private static string? Fault(string holder, string member, string[] known) =>
        known.Contains(member) ? null : $"{OneLine.Of(holder, 100)} has no member {Excerpt.Of(member)}{NearestWord.Suggest(member, known)}";

    private static FrozenDictionary<string, string[]> ReadSandbox()
    {
        var engine = SandboxEngine.Create();
        SandboxGuards.Install(engine, new JsonToJavaScript(engine));
        return LanguageNames.Globals
            .Select(name => (Name: name, Value: engine.Global.Get(name) as ObjectInstance))
            .Where(global => global.Value is not null)
            .ToFrozenDictionary(global => global.Name, global => Along(global.Value!).Distinct().ToArray(), StringComparer.Ordinal);
    }

    private static IEnumerable<string> Along(ObjectInstance? holder)
    {
        for (; holder is not null; holder = holder.Prototype)
        {
            foreach (var key in holder.GetOwnPropertyKeys(Types.String))
            {
                yield return key.ToString();
            }
        }
    }
}
