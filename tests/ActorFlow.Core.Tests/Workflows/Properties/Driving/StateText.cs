using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>
/// A state as text, every field of everything in it, so that two states can be compared whatever is added to them. Left out is what
/// was touched (a replay has seen to nothing yet), and the way back from what a run was to how it ended.
/// </summary>
internal static class StateText
{
    private static readonly HashSet<string> LeftOut = ["<Touched>k__BackingField", "<End>k__BackingField"];

    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Fields = [];

    public static string Of(WorkflowState state)
    {
        var text = new StringBuilder();
        Write(text, state is WorkflowState.Open open ? open.Run : state, 0);
        return text.ToString();
    }

    public static string Difference(string left, string right)
    {
        var (lefts, rights) = (left.Split('\n'), right.Split('\n'));
        var first = Enumerable.Range(0, Math.Min(lefts.Length, rights.Length)).FirstOrDefault(i => lefts[i] != rights[i]);
        return $"{string.Join('\n', lefts.Skip(first - 8).Take(12))}\n---\n{string.Join('\n', rights.Skip(first - 8).Take(12))}";
    }

    private static void Write(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case null or string or Guid or DateTimeOffset or TimeSpan or Enum or Payload:
                text.Append(value ?? "none").Append('\n');
                break;
            case WorkflowPlan or ScopePlan or TaskPlan:
                text.Append(value.GetType().Name).Append('\n');
                break;
            case var plain when plain.GetType().IsPrimitive:
                text.Append(plain).Append('\n');
                break;
            case IEnumerable items:
                WriteAll(text, items, depth);
                break;
            default:
                WriteFields(text, value, depth);
                break;
        }
    }

    private static void WriteAll(StringBuilder text, IEnumerable items, int depth)
    {
        var lines = items.Cast<object?>().Select(item =>
        {
            var line = new StringBuilder();
            Write(line, item, depth + 1);
            return line.ToString();
        });

        // Hashed collections have no order of their own.
        var name = items.GetType().Name;
        var isHashed = name.StartsWith("ImmutableHashSet", StringComparison.Ordinal) || name.StartsWith("ImmutableDictionary", StringComparison.Ordinal);
        text.Append('\n');
        foreach (var line in isHashed ? lines.Order(StringComparer.Ordinal) : lines)
        {
            text.Append(' ', depth * 2).Append("- ").Append(line);
        }
    }

    private static void WriteFields(StringBuilder text, object value, int depth)
    {
        text.Append(value.GetType().Name).Append('\n');
        foreach (var field in Fields.GetOrAdd(value.GetType(), FieldsOf))
        {
            text.Append(' ', depth * 2).Append(field.Name).Append(": ");
            Write(text, field.GetValue(value), depth + 1);
        }
    }

    private static FieldInfo[] FieldsOf(Type type) =>
        [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(field => !LeftOut.Contains(field.Name))];
}
