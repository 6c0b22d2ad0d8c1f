using System.Collections.Immutable;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks the names that expressions refer to.</summary>
internal sealed class ReferenceCheck(Findings findings)
{
    /// <param name="text">The text that holds the expressions.</param>
    /// <param name="expressions">Its expressions, in order.</param>
    /// <param name="site">Where it stands.</param>
    /// <param name="path">The path of the text.</param>
    public void Run(string text, ImmutableArray<Expression> expressions, ExpressionSite site, DefinitionPath path)
    {
        var searched = 0;
        foreach (var expression in expressions)
        {
            var start = Math.Max(0, text.IndexOf(expression.Text, searched, StringComparison.Ordinal));
            searched = Math.Min(text.Length, start + expression.Text.Length);
            foreach (var reference in expression.References)
            {
                Check(expression, reference, site, path, start + reference.Position);
            }
        }
    }

    private void Check(Expression expression, ExpressionReference reference, ExpressionSite site, DefinitionPath path, int offset)
    {
        switch (reference.Kind)
        {
            case ReferenceKind.Task:
                CheckTask(reference.Name!, site, path, offset);
                break;

            case ReferenceKind.Item or ReferenceKind.Index when !site.InFanOut:
                var name = reference.Kind is ReferenceKind.Item ? "item" : "index";
                findings.Error(DefinitionCodes.NotInLoop, path, $"`{name}` is there only within a `for-each`", offset: offset);
                break;

            case ReferenceKind.Iteration when !site.InLoop:
                findings.Error(DefinitionCodes.NotInLoop, path, "`iteration` is there only within a `repeat`", offset: offset);
                break;

            case ReferenceKind.Secret when !site.SeesSecrets:
                findings.Error(DefinitionCodes.SecretNotAllowed, path, "secrets are there only in `with` of `uses` and of `compensate`", offset: offset);
                break;

            case ReferenceKind.Secret when !IsAlone(expression, reference.Name!):
                findings.Error(
                    DefinitionCodes.SecretNotAllowed, path, $"a secret must be alone in its expression: write {Excerpt.Of($"${{{{ secrets.{reference.Name} }}}}")}", offset: offset);
                break;
        }
    }

    /// <summary>Finds the task inside out; in the scope where it is, it has to be upstream of what leads there.</summary>
    private void CheckTask(string id, ExpressionSite site, DefinitionPath path, int offset)
    {
        var (task, seesItself) = (site.Task, site.SeesItself);
        for (var scope = site.Scope; scope is not null; scope = scope.Parent)
        {
            if (scope.TryFind(id, out var target))
            {
                scope.IsRead[target] = true;
                CheckUpstream(scope, task, target, seesItself, path, offset);
                return;
            }

            task = scope.Owner;
            seesItself = scope.OwnerTask?.Repeat is not null;
        }

        var known = site.Scope.Ids.Concat(site.Scope.Parent?.Ids ?? []);
        findings.Error(DefinitionCodes.UnknownTask, path, $"no task {Excerpt.Of(id)} in sight{findings.Suggest(id, known)}", offset: offset);
    }

    private void CheckUpstream(Scope scope, int task, int target, bool seesItself, DefinitionPath path, int offset)
    {
        if (task == ExpressionSite.WholeScope || (task == target && seesItself))
        {
            return;
        }

        if (task == target)
        {
            var id = Excerpt.Of(scope.Tasks[task].Id);
            findings.Error(DefinitionCodes.NotUpstream, path, $"{id} names itself; a task may do so in its `repeat` and its `compensate` only", offset: offset);
            return;
        }

        scope.References.Add(new(task, target, path, offset));
    }

    private static bool IsAlone(Expression expression, string name) =>
        expression.References.Length == 1
        && (expression.Text == $"secrets.{name}" || expression.Text == $"secrets['{name}']" || expression.Text == $"secrets[\"{name}\"]");
}
