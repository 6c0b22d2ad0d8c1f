using System.Globalization;
using System.Text.Json;

namespace ActorFlow.Core.Expressions.Paths;

/// <summary>Evaluates a path on the data of a scope.</summary>
internal static class PathEvaluation
{
    /// <summary>
    /// Gives the value at the path; null means <c>undefined</c>. Returns false if only JavaScript can evaluate the path, because it
    /// reaches a member that is not in the data, such as an array's <c>map</c>.
    /// </summary>
    /// <exception cref="ValueException">The path continues from <c>null</c> or <c>undefined</c>.</exception>
    public static bool TryEvaluate(DataPath path, IExpressionScope scope, out Payload? value)
    {
        switch (path.Root)
        {
            case ReferenceKind.Input:
                return TryWalk(scope.Input, path.Steps, out value);
            case ReferenceKind.Item:
                return TryWalk(scope.Item, path.Steps, out value);
            case ReferenceKind.Index:
                return TryWalk(Number(scope.Index), path.Steps, out value);
            case ReferenceKind.Iteration:
                return TryWalk(Number(scope.Iteration), path.Steps, out value);
            case ReferenceKind.Workflow:
                return TryMember(scope.Workflow, path.Steps, out value);
            default:
                return TryTask(scope.FindTask(path.TaskId!), path.Steps, out value);
        }
    }

    private static Payload? Number(int? number) =>
        number is { } some ? Payload.FromTrustedUtf8(System.Text.Encoding.ASCII.GetBytes(some.ToString(CultureInfo.InvariantCulture))) : null;

    private static bool TryMember(WorkflowView workflow, PathStep[] steps, out Payload? value)
    {
        value = null;
        return steps is [var step, ..] && WorkflowMembers.Find(workflow, step.Key) is { } member && TryWalk(member, steps.AsSpan(1), out value);
    }

    private static bool TryTask(TaskView? view, PathStep[] steps, out Payload? value)
    {
        if (view is not { } task)
        {
            return TryWalk(null, steps, out value);
        }

        value = null;
        Payload? member;
        switch (steps)
        {
            case [{ Key: "output" }, ..]:
                member = task.Output;
                break;
            case [{ Key: "error" }, ..]:
                member = task.Error;
                break;
            case [{ Key: "status" }, ..]:
                member = Payload.FromString(task.Status);
                break;
            case [{ Key: "attempts" }, ..]:
                member = Number(task.Attempts);
                break;
            default:
                return false;
        }

        return TryWalk(member, steps.AsSpan(1), out value);
    }

    private static bool TryWalk(Payload? root, ReadOnlySpan<PathStep> steps, out Payload? value)
    {
        value = root;
        if (steps.IsEmpty)
        {
            return true;
        }

        if (root is null)
        {
            return StepFromNothing("undefined", steps[0]);
        }

        return TryWalkJson(root.Utf8, steps, out value);
    }

    private static bool TryWalkJson(ReadOnlyMemory<byte> json, ReadOnlySpan<PathStep> steps, out Payload? value)
    {
        value = null;
        for (; !steps.IsEmpty; steps = steps[1..])
        {
            var step = steps[0];
            var reader = new Utf8JsonReader(json.Span, JsonDepth.Reading);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                return StepFromNothing("null", step);
            }

            var member = JsonMember.Find(ref reader, step);
            if (member.Kind == JsonMemberKind.Unknown)
            {
                return false;
            }

            if (member.Kind == JsonMemberKind.Missing)
            {
                return steps.Length == 1 || StepFromNothing("undefined", steps[1]);
            }

            json = member.Kind == JsonMemberKind.Length
                ? System.Text.Encoding.ASCII.GetBytes(member.End.ToString(CultureInfo.InvariantCulture))
                : json[member.Start..member.End];
        }

        value = Payload.FromTrustedUtf8(json.ToArray());
        return true;
    }

    /// <summary>A step from a missing value ends the path when it is <c>?.</c>, and fails otherwise.</summary>
    private static bool StepFromNothing(string nothing, PathStep step) =>
        step.Optional ? true : throw new ValueException($"TypeError: Cannot read properties of {nothing} (reading '{step.Key}')");
}

