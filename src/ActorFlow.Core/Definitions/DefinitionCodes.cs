using System.Collections.Immutable;

namespace ActorFlow.Core.Definitions;

/// <summary>The codes of <see cref="DefinitionProblem"/>. A code never changes its meaning.</summary>
internal static class DefinitionCodes
{
    /// <summary>Every code and what it means, in the order in which a file is examined.</summary>
    public static ImmutableArray<(string Code, string Meaning)> All =>
    [
        (NotText, "The file is not text in UTF-8."),
        (TooLarge, "The file is over 16 MiB, or a definition over 1 MiB."),
        (Empty, "The file holds no definition."),
        (Syntax, "The file is neither YAML nor JSON."),
        (UnquotedExpression, "YAML cut an expression: put it in quotes."),
        (YamlFeature, "Anchors, aliases, tags and merge keys are not supported."),
        (TooDeep, "The file nests deeper than 192 levels, a value in it deeper than 128, or its groups deeper than 24."),
        (KeyNotText, "A key is not text."),
        (DuplicateKey, "A key stands twice in one mapping."),
        (DuplicateId, "Two tasks of one scope have the same id."),
        (DuplicateDefinition, "Two documents have the same name and version."),
        (UnknownKey, "The language has no such key here."),
        (MissingKey, "A required key is missing."),
        (WrongType, "A value is of the wrong type: text, number, list, mapping."),
        (BadValue, "A value is none of those allowed."),
        (BadName, "A name has the wrong form."),
        (BadId, "A task id or case label has the wrong form."),
        (KindMissing, "A task does not say what it does."),
        (KindSeveral, "A task says more than one thing that it does."),
        (NotAllowedHere, "The key means nothing for this kind of task."),
        (NoTasks, "A definition or group has no tasks."),
        (TooManyTasks, "A definition has more than 10,000 tasks."),
        (NonPositive, "A limit is zero or negative."),
        (OutOfRange, "A number or duration is outside its range."),
        (RetryContradiction, "A retry's first wait is longer than its longest."),
        (BadDuration, "A value is not a duration."),
        (UnknownNeed, "A need names no task of the same scope."),
        (UnknownCase, "A need names no case of that switch."),
        (SelfDependency, "A task needs itself."),
        (Cycle, "Tasks wait for each other."),
        (BadJoin, "A join asks for needs that the task does not have."),
        (DuplicateCase, "A label stands twice in one switch."),
        (MisplacedDefault, "A case without a condition is not the last."),
        (RepeatCondition, "A repeat has neither or both of while and until."),
        (BadForEach, "A for-each is neither a list nor one expression."),
        (BadSchema, "A JSON Schema is not valid, or uses what is not supported."),
        (SchemaConflict, "Two tasks wait for one signal with different schemas."),
        (ExpressionSyntax, "An expression cannot be parsed, or uses what the language refuses."),
        (ExpressionNotAllowed, "An expression stands where only literal values do."),
        (ExpressionFault, "An expression names a member that is never there, or a number that JavaScript does not hold."),
        (UnknownTask, "An expression names a task that no scope in sight has."),
        (NotUpstream, "An expression names a task that need not have settled by then."),
        (NotInLoop, "item, index or iteration stands outside a loop."),
        (SecretNotAllowed, "A secret stands outside the input of a handler."),
        (UnusedCase, "Warning: nobody needs this case."),
        (TooManyProblems, "There are more problems than are reported."),
    ];

#pragma warning disable CS1591 // The table above says what each code means.
    public const string NotText = "not-text";
    public const string TooLarge = "too-large";
    public const string Empty = "empty";
    public const string Syntax = "syntax";
    public const string UnquotedExpression = "unquoted-expression";
    public const string YamlFeature = "yaml-feature";
    public const string TooDeep = "too-deep";
    public const string KeyNotText = "key-not-text";
    public const string DuplicateKey = "duplicate-key";
    public const string DuplicateId = "duplicate-id";
    public const string DuplicateDefinition = "duplicate-definition";
    public const string UnknownKey = "unknown-key";
    public const string MissingKey = "missing-key";
    public const string WrongType = "wrong-type";
    public const string BadValue = "bad-value";
    public const string BadName = "bad-name";
    public const string BadId = "bad-id";
    public const string KindMissing = "kind-missing";
    public const string KindSeveral = "kind-several";
    public const string NotAllowedHere = "not-allowed-here";
    public const string NoTasks = "no-tasks";
    public const string TooManyTasks = "too-many-tasks";
    public const string NonPositive = "non-positive";
    public const string OutOfRange = "out-of-range";
    public const string RetryContradiction = "retry-contradiction";
    public const string BadDuration = "bad-duration";
    public const string UnknownNeed = "unknown-need";
    public const string UnknownCase = "unknown-case";
    public const string SelfDependency = "self-dependency";
    public const string Cycle = "cycle";
    public const string BadJoin = "bad-join";
    public const string DuplicateCase = "duplicate-case";
    public const string MisplacedDefault = "misplaced-default";
    public const string RepeatCondition = "repeat-condition";
    public const string BadForEach = "bad-for-each";
    public const string BadSchema = "bad-schema";
    public const string SchemaConflict = "schema-conflict";
    public const string ExpressionSyntax = "expression-syntax";
    public const string ExpressionNotAllowed = "expression-not-allowed";
    public const string ExpressionFault = "expression-fault";
    public const string UnknownTask = "unknown-task";
    public const string NotUpstream = "not-upstream";
    public const string NotInLoop = "not-in-loop";
    public const string SecretNotAllowed = "secret-not-allowed";
    public const string UnusedCase = "unused-case";
    public const string TooManyProblems = "too-many-problems";
#pragma warning restore CS1591
}
